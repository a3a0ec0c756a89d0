// `npm run chaos`: kills and breaks a box, a hub and what is between them, and counts what is lost.
import { main } from './main.ts';

process.exitCode = await main(process.argv.slice(2));
process.exit();
