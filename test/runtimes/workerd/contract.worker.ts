/** A worker that runs the contract. */
import { defineContract } from '../../contract.ts'
import { list, subject } from './subject.ts'

defineContract(subject)

export default { fetch: (request: Request) => list.answer(request) }
