declare module '@hono/eslint-config' {
  import type { Linter } from 'eslint'

  const config: Linter.Config[]
  export default config
}

declare module 'tsx'
