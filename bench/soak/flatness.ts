/** A value by time: how it changes, by least squares. */
export interface Trend {
  first: number
  last: number
  /** Per minute. */
  slope: number
}

/** A moment and the value then. */
export interface Point {
  minutes: number
  value: number
}

/** The line through points that misses them least. One point is flat. */
export function trendOf(points: readonly Point[]): Trend {
  const mean = (of: (point: Point) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length
  const middle = mean(({ minutes }) => minutes)
  const average = mean(({ value }) => value)
  const spread = mean(({ minutes }) => (minutes - middle) ** 2)
  const together = mean(({ minutes, value }) => (minutes - middle) * (value - average))
  return {
    first: points[0]!.value,
    last: points.at(-1)!.value,
    slope: spread > 0 ? together / spread : 0,
  }
}
