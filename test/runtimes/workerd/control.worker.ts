/** A worker without this package: what it grows by is workerd's own. */
export default {
  async fetch(): Promise<Response> {
    for (let i = 0; i < 5; i++) {
      await scheduler.wait(1)
    }
    return Response.json({ rows: Array.from({ length: 500 }, (_, row) => ({ row })) })
  },
}
