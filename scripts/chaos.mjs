// `npm run chaos`: kills and breaks a box, a hub and what is between them, and counts what is lost (docs/reliability.md).
import { main } from '../dist/test/chaos/main.js';

process.exitCode = await main(process.argv.slice(2));
process.exit();
