import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import type { SessionData } from '../../src/session/records.ts'
import type { OpenReport, ReportBrowser } from './report-server.ts'
import { startReportBrowser } from './report-server.ts'

/**
 * Opens reports for a file of tests. After each the page must have had no problem and asked for nothing but itself.
 *
 * @param mayDownload Whether the tests download files, which a page makes as blobs of its own.
 */
export function reportOpener({ mayDownload = false } = {}): (
  data: SessionData,
  context?: Parameters<ReportBrowser['open']>[1],
  hash?: string
) => Promise<Page> {
  let browser: ReportBrowser
  let report: OpenReport
  beforeAll(async () => {
    browser = await startReportBrowser()
  })
  afterAll(async () => {
    await browser.close()
  })
  afterEach(async () => {
    await report.page.context().close()
    expect(report.problems).toEqual([])
    const isCounted = (url: string): boolean => !mayDownload || !url.startsWith('blob:')
    expect(new Set(report.requests.filter(isCounted)).size).toBe(1)
  })
  return async (data, context, hash = '') => {
    report = await browser.open(data, context, hash)
    await report.page.getByRole('tablist').waitFor()
    return report.page
  }
}
