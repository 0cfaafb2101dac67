/** The contract as a program for any version of Node, run by `node --test`. */
import { defineContract } from '../../contract.ts'
import { subject } from './subject.ts'

defineContract(subject)
