import { defineTruth } from '../../contract-truth.ts'
import { workloads } from '../../truth/workloads/index.ts'
import { subject } from './subject.ts'

defineTruth(subject, workloads, { ms: 4, share: 0.05 })
