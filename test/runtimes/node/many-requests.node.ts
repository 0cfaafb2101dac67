/** A program for any version of Node, run by `node --test`. */
import { v8Memory } from '../../helpers/v8-memory.ts'
import { defineManyRequests } from '../../many-requests.ts'
import { subject } from './subject.ts'

defineManyRequests(subject, v8Memory)
