import type { ToolKinds } from './index.js';

/** Every type of tool that a worker can open. */
export const TOOL_KINDS: ToolKinds = {};
