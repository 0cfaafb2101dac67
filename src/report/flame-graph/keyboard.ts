import type { Frame } from '../../session/frame.ts'
import { isDrawn } from './layout.ts'

/** Where an arrow leads from a frame: to its caller, its heaviest call, or the calls beside it. */
export function frameAfter(key: string, frame: Frame): Frame | undefined {
  const siblings = frame.parent?.children.filter(isDrawn) ?? []
  const index = siblings.indexOf(frame)
  switch (key) {
    case 'ArrowUp':
      return frame.parent
    case 'ArrowDown':
      return frame.children.find(isDrawn)
    case 'ArrowLeft':
      return siblings[index - 1]
    case 'ArrowRight':
      return siblings[index + 1]
    default:
      return undefined
  }
}
