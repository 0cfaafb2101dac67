import { heapStats } from 'bun:jsc'
const e = await import('./runtimes/bun/index.ts')
import { Hono } from 'hono'
const app=new Hono(); const mode=process.argv[2]
if(mode!=='none') app.use(e.profiler())
const sleep=(ms:number)=>new Promise(r=>setTimeout(r,ms))
app.get('/x/:id', async c=>{ for(let i=0;i<3;i++) await sleep(1); return c.text('x'.repeat(100)+c.req.param('id')) })
let n=0
const go=async(k:number)=>{ for(let i=0;i<k;i++){ const b=Array.from({length:8},async()=>{ await (await app.request('/x/'+(++n)+(mode==='prof'?'?profile=json':''))).text()}); await Promise.all(b)} }
const snap=()=>{Bun.gc(true);Bun.gc(true);const h=heapStats();return h}
await go(40)
let prev=snap()
for(let r=0;r<3;r++){ await go(60); const s=snap(); const d:[string,number][]=Object.keys(s.objectTypeCounts).map(k=>[k,s.objectTypeCounts[k]!-(prev.objectTypeCounts[k]??0)] as [string,number]).filter(x=>Math.abs(x[1])>20).sort((a,b)=>b[1]-a[1]); console.log(mode,n,'heap',(s.heapSize/1e6).toFixed(2),'extra',((s as any).extraMemorySize/1e6).toFixed(2),'objs',s.objectCount-prev.objectCount,JSON.stringify(d.slice(0,14)), 'used', (process.memoryUsage().heapUsed/1e6).toFixed(2)); prev=s }
process.exit()
