/** What the workloads use of SQLite compiled to WebAssembly, which stands in where Node has no `node:sqlite`. */
declare module 'sql.js' {
  export default function initSqlJs(): Promise<{
    Database: new () => { exec(sql: string): unknown; close(): void }
  }>
}
