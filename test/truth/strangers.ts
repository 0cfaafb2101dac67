import { burn } from './burn.ts'

/** Starts a timer that is nobody's: its work belongs into no profile. */
export function startStrangers(): void {
  setInterval(function strangerTick() {
    burn(3)
  }, 23)
}
