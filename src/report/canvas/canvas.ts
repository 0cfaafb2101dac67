/** Gives a canvas as many pixels as its place on the screen has, and draws in CSS pixels from then on. */
export function fitCanvas(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d')!
  const scale = devicePixelRatio
  const width = Math.round(canvas.clientWidth * scale)
  const height = Math.round(canvas.clientHeight * scale)
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width
    canvas.height = height
  }
  context.setTransform(scale, 0, 0, scale, 0, 0)
  return context
}

/** Diagonal stripes of a colour, on nothing; `crossed` in both directions. */
export function createStripes(colour: string, crossed: boolean): CanvasPattern | null {
  const size = 6
  const scale = devicePixelRatio
  const tile = document.createElement('canvas')
  tile.width = tile.height = size * scale
  const context = tile.getContext('2d')!
  context.scale(scale, scale)
  context.strokeStyle = colour
  context.lineWidth = 1
  // A stripe leaves the tile at one corner and enters it again at the opposite one.
  for (const x of [-size, 0, size]) {
    context.moveTo(x - 1, size + 1)
    context.lineTo(x + size + 1, -1)
    if (crossed) {
      context.moveTo(x - 1, -1)
      context.lineTo(x + size + 1, size + 1)
    }
  }
  context.stroke()
  const pattern = context.createPattern(tile, 'repeat')
  pattern?.setTransform(new DOMMatrix().scale(1 / scale))
  return pattern
}
