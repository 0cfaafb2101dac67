// The page's script: unpacks the program that draws the report, a third of its size, and runs it.
import { inflate } from './inflate.ts'

/** The program, deflated, in base64: scripts/build-page.mjs puts it in. */
declare const PROGRAM: string

const packed = Uint8Array.from(atob(PROGRAM), (character) => character.charCodeAt(0))
const program = document.createElement('script')
// For a server whose own policy asks for a nonce; the page's policy knows the program by its hash.
program.nonce = document.currentScript!.nonce
program.textContent = new TextDecoder().decode(inflate(packed))
document.body.append(program)
