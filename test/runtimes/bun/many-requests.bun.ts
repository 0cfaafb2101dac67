import { defineManyRequests } from '../../many-requests.ts'
import { subject } from './subject.ts'

defineManyRequests(subject, () => {
  Bun.gc(true)
  const { heapUsed, rss } = process.memoryUsage()
  return { heap: heapUsed / 1e6, rss: rss / 1e6 }
})
