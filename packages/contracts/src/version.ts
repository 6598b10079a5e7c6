/** Of AgentHook as a whole: the API's description names it, and callbacks do in their User-Agent. */
export const VERSION = '0.1.0';
