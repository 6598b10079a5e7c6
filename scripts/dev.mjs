/**
 * `npm run dev`: the Studio with hot reload. `AGENTHOOK_URL` is the URL of a running api; default
 * http://127.0.0.1:7091.
 */
import { ensureNode } from './lib/node.mjs';
import { serveWeb } from './lib/web.mjs';

await ensureNode();
await serveWeb();
