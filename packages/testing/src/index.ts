export * from './harness/index.js';
export * from './model-servers/index.js';
export { type HttpCall, type HttpServer, sendJson, startHttpServer } from './tool-servers/http-server.js';
