/** The version of AgentHook as a whole, shown in the API description and in the User-Agent of callbacks. */
export const VERSION = '0.1.0';
