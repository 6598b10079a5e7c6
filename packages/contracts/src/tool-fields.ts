/** Fields of tools that others have, too. */
export { Headers, ToolSecrets } from './tools/common.js';
