import type { Page } from 'playwright-core'

/** A change is drawn at most three frames later: one for the page's state, one for its effects, one to draw. */
export const drawn = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame++) {
      await new Promise(requestAnimationFrame)
    }
  })

/** The colours of a canvas at positions in CSS pixels, read from a copy: reading changes how a canvas is drawn. */
export const coloursAt = (
  page: Page,
  canvas: string,
  points: readonly (readonly [x: number, y: number])[]
): Promise<string[]> =>
  page.locator(canvas).evaluate((element, at) => {
    const { width, height } = element as HTMLCanvasElement
    const copy = new OffscreenCanvas(width, height)
    const context = copy.getContext('2d', { willReadFrequently: true })!
    context.drawImage(element as HTMLCanvasElement, 0, 0)
    const hex = (part: number) => part.toString(16).padStart(2, '0')
    return at.map(([x, y]) =>
      [...context.getImageData(x * devicePixelRatio, y * devicePixelRatio, 1, 1).data]
        .slice(0, 3)
        .map(hex)
        .join('')
    )
  }, points)
