// Looks at the screen without a demo: node test/e2e/web-preview/run.mjs [crowd] [port]
import { createServer } from 'vite';

const conditions = ['source', 'module', 'node', 'development|production'];
const vite = await createServer({
  configFile: false,
  appType: 'custom',
  logLevel: 'error',
  optimizeDeps: { noDiscovery: true },
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  server: { middlewareMode: true, ws: false, hmr: false, watch: null },
});
const [crowd = '0', port = '8090'] = process.argv.slice(2);
const { startPreview } = await vite.ssrLoadModule('/test/e2e/web-preview/preview.ts');
const preview = await startPreview({ crowd: Number(crowd), http: `127.0.0.1:${port}` });
console.log(await preview.link());
process.on('SIGUSR1', async () => console.log(await preview.link()));
const timer = setInterval(() => preview.step(), 2000);
process.once('SIGUSR2', () => void preview.cut());
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, async () => {
    clearInterval(timer);
    await preview.close();
    await vite.close();
    process.exit(0);
  });
