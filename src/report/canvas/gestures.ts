/** What the reader does with the chart. Positions are CSS pixels from its top left corner. */
export interface Gestures {
  /** Shows `factor` times as much time; `x` keeps its place. */
  zoom: (factor: number, x: number) => void
  /** Moves what is shown by pixels. */
  pan: (dx: number, dy: number) => void
  /** Points at a position; nothing when the pointer has left. */
  point: (at?: { x: number; y: number }) => void
  /** Chooses what is at a position. */
  pick: (x: number, y: number) => void
}

/** Pixels that a press may move and still be a click. */
const CLICK_SLOP = 4
/** How much a notch of 100 wheel pixels changes the zoom. */
const WHEEL_ZOOM = 1.25

interface Press {
  x: number
  y: number
}

/** Turns wheel, mouse, pen and touch into gestures; two fingers pinch. Returns what detaches it. */
export function attachGestures(canvas: HTMLElement, gestures: Gestures): () => void {
  const pressed = new Map<number, Press>()
  let moved = 0

  const at = (event: MouseEvent): Press => {
    const box = canvas.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }
  const listeners: Record<string, (event: never) => void> = {
    wheel(event: WheelEvent) {
      event.preventDefault()
      const scale = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 20 : 1
      const sideways = event.shiftKey ? event.deltaY : event.deltaX
      if (Math.abs(sideways) >= Math.abs(event.shiftKey ? 0 : event.deltaY)) {
        gestures.pan(sideways * scale, 0)
      } else {
        gestures.zoom(WHEEL_ZOOM ** ((event.deltaY * scale) / 100), at(event).x)
      }
    },
    pointerdown(event: PointerEvent) {
      if (event.button === 0) {
        canvas.setPointerCapture(event.pointerId)
        pressed.set(event.pointerId, at(event))
        moved = pressed.size > 1 ? Infinity : 0
      }
    },
    pointermove(event: PointerEvent) {
      const now = at(event)
      const before = pressed.get(event.pointerId)
      if (!before) {
        gestures.point(now)
        return
      }
      const other = [...pressed].find(([id]) => id !== event.pointerId)?.[1]
      if (other) {
        pinch(gestures, other, before, now)
      } else {
        gestures.pan(before.x - now.x, before.y - now.y)
      }
      moved += Math.hypot(now.x - before.x, now.y - before.y)
      pressed.set(event.pointerId, now)
    },
    pointerup(event: PointerEvent) {
      if (pressed.delete(event.pointerId) && moved < CLICK_SLOP) {
        const { x, y } = at(event)
        gestures.pick(x, y)
      }
    },
    pointercancel: (event: PointerEvent) => pressed.delete(event.pointerId),
    pointerleave: () => {
      gestures.point()
    },
  }
  for (const [type, listener] of Object.entries(listeners)) {
    canvas.addEventListener(type, listener as EventListener, { passive: false })
  }
  return () => {
    for (const [type, listener] of Object.entries(listeners)) {
      canvas.removeEventListener(type, listener as EventListener)
    }
  }
}

/** One finger stays, one moves: the distance zooms about their middle, and the middle pans. */
function pinch(gestures: Gestures, other: Press, before: Press, now: Press): void {
  const distance = (press: Press) => Math.max(8, Math.abs(press.x - other.x))
  gestures.zoom(distance(before) / distance(now), (other.x + now.x) / 2)
  gestures.pan((before.x - now.x) / 2, (before.y - now.y) / 2)
}
