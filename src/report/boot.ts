// The page's script: unpacks the program that draws the report, a third of its size, and runs it.

/** The program, gzipped, in base64: scripts/build-page.mjs puts it in. */
declare const PROGRAM: string

const { nonce } = document.currentScript!
const packed = Uint8Array.from(atob(PROGRAM), (character) => character.charCodeAt(0))
const program = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))

void new Response(program).text().then((text) => {
  const script = document.createElement('script')
  // For a server whose own policy asks for a nonce; the page's policy knows the program by its hash.
  script.nonce = nonce
  script.textContent = text
  document.body.append(script)
})
