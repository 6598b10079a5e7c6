export * from './harness/index.js';
export * from './model-servers/index.js';
export { type S3Server, startS3Server } from './s3-server.js';
export { type HttpCall, type HttpServer, sendJson, startHttpServer } from './tool-servers/http-server.js';
export {
  type MessageServer,
  startGitHubServer,
  startSlackServer,
} from './tool-servers/message-servers.js';
export { chargingSteps, type Shop, startShop } from './tool-servers/shop.js';
