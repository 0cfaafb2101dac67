import { defineContract } from '../../contract.ts'
import { subject } from './subject.ts'

defineContract(subject)
