/** How a mean changed, in milliseconds of one request. */
export interface Change {
  before: number
  after: number
  /** `after` less `before`: negative is faster. */
  change: number
  /** The interval that holds the true change, at the confidence that was asked for. */
  low: number
  high: number
  /** Whether the interval leaves out 0, so that chance alone hardly explains the change. */
  significant: boolean
}

/** The times of one thing in several requests. */
export interface Measured {
  /** Milliseconds in each request. */
  times: readonly number[]
  /** The part of the mean time that was sampled, not measured, and the interval of the samples. */
  sampledTime: number
  interval: number
}

/**
 * How much requests are taken to vary, as a part of their time, when there is only one on each side and so
 * nothing that shows it.
 */
const ASSUMED_VARIATION = 0.1

/**
 * Welch's interval for the difference of two means. The variance is that of the requests, but at least what
 * sampling alone gives: samples are counts, whose variance is their number. With one request on both sides
 * there is that and an assumed variation; with one on one side, it varies like the others.
 */
export function changeOf(before: Measured, after: Measured, confidence: number): Change {
  const [from, to] = [mean(before.times), mean(after.times)]
  const [a, b] = spreads(before, after)
  const error = Math.sqrt(a.ofMean + b.ofMean)
  const freedom =
    error > 0
      ? (a.ofMean + b.ofMean) ** 2 / (a.ofMean ** 2 / a.freedom + b.ofMean ** 2 / b.freedom)
      : 1
  const reach = error > 0 ? studentQuantile(confidence, freedom) * error : 0
  const change = to - from
  const [low, high] = [change - reach, change + reach]
  return { before: from, after: to, change, low, high, significant: low > 0 || high < 0 }
}

/** The variance of a mean, and how many degrees of freedom it was estimated with. */
interface Spread {
  ofMean: number
  freedom: number
}

function spreads(before: Measured, after: Measured): [Spread, Spread] {
  const known = [before, after].filter(({ times }) => times.length > 1)
  const spreadOf = (measured: Measured): Spread => {
    const source = measured.times.length > 1 ? measured : known[0]
    const variance = source
      ? varianceOf(source.times)
      : (ASSUMED_VARIATION * mean(measured.times)) ** 2
    const sampling = measured.sampledTime * measured.interval
    return {
      ofMean: (source ? Math.max(variance, sampling) : variance + sampling) / measured.times.length,
      freedom: source ? source.times.length - 1 : MOST_FREEDOM,
    }
  }
  return [spreadOf(before), spreadOf(after)]
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function varianceOf(values: readonly number[]): number {
  const center = mean(values)
  return values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1)
}

/** From here on Student's distribution is the normal one within a hundredth. */
const MOST_FREEDOM = 200

/** Steps of the integration: three digits of the quantile. */
const STEPS = 500

/**
 * How many standard errors around 0 hold the part `confidence` of Student's distribution. With
 * t = √freedom · tan(angle) its density is cos(angle)^(freedom - 1), which midpoints sum up.
 */
export function studentQuantile(confidence: number, freedom: number): number {
  const capped = Math.min(freedom, MOST_FREEDOM)
  const step = Math.PI / 2 / STEPS
  const density = Array.from(
    { length: STEPS },
    (_, i) => Math.cos((i + 0.5) * step) ** (capped - 1)
  )
  const wanted = confidence * density.reduce((sum, part) => sum + part, 0)
  let reached = 0
  let i = 0
  while (reached + density[i]! < wanted) {
    reached += density[i++]!
  }
  return Math.sqrt(capped) * Math.tan((i + (wanted - reached) / density[i]!) * step)
}
