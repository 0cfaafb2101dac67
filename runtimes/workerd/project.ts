/** wrangler builds into a folder of the project, and scripts say so. */
const BUILD_FOLDER = /^file:\/\/(.*)\/\.wrangler\/tmp\//

let root = ''

/** The project's directory on the developer's machine, as far as the worker's scripts told; empty when unknown. */
export function projectRoot(): string {
  return root
}

/** Learns the project's directory from where a script came from. */
export function learnProjectRoot(scriptUrl: string): void {
  root = BUILD_FOLDER.exec(scriptUrl)?.[1] ?? root
}
