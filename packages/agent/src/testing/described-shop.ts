import type { OpenApiTool } from '@agenthook/contracts';
import { createEgress, type Egress } from '@agenthook/egress';
import { afterEach, beforeEach } from '@jest/globals';
import { openApiTool } from '../tools/openapi.js';
import { type Answer, type RecordingServer, startRecordingServer } from './recording-server.js';
import { toolEnvironment } from './tool-environment.js';

export const KEY = 'api-key-4711';

export const SPEC = `
openapi: 3.1.0
info: {title: Shop, version: '1'}
servers:
  - url: '{stage}/v2/'
    variables: {stage: {default: /live}}
paths:
  /orders/{id}:
    parameters:
      - $ref: '#/components/parameters/Id'
    get:
      operationId: orders.get
      summary: Get an order
      description: All of it.
      parameters:
        - {name: fields, in: query, schema: {type: array, items: {type: string}}}
        - {name: tags, in: query, explode: false, schema: {type: array, items: {type: string}}}
        - {name: filter, in: query, style: deepObject, explode: true, schema: {type: object}}
        - {name: raw, in: query, content: {application/json: {schema: {type: object}}}}
        - {name: id, in: query, schema: {type: integer}}
        - {name: X-Trace, in: header, schema: {type: string}}
        - {name: X-Api-Key, in: header, required: true, schema: {type: string}}
        - {name: Authorization, in: header, schema: {type: string}}
        - {name: session, in: cookie, schema: {type: string}}
    put:
      operationId: orders-get
      requestBody:
        required: true
        content:
          text/plain: {schema: {type: string}}
          application/vnd.shop+json: {schema: {$ref: '#/components/schemas/Order'}}
      responses: {'200': {description: ok}}
  /orders:
    post:
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: {type: object, properties: {item: {type: string}}}
            encoding: {meta: {style: deepObject}}
  /upload:
    post:
      operationId: upload
      requestBody: {required: true, content: {image/png: {schema: {type: string, format: binary}}}}
components:
  parameters:
    Id: {name: id, in: path, required: true, description: The order., schema: {type: string}}
  schemas:
    Order:
      type: object
      required: [id, item]
      properties:
        id: {type: string, readOnly: true}
        item: {type: string, nullable: true, example: tea}
        count: {type: integer, minimum: 0, exclusiveMinimum: true}
        parent: {$ref: '#/components/schemas/Order', description: What it belongs to.}
`;

/** A shop that describes its API, and a tool configured from the description. */
class DescribedShop {
  server!: RecordingServer;
  egress!: Egress;

  /** Serves the description at /api/openapi.yaml, and `answer` everywhere else. */
  async serve(spec = SPEC, answer: Answer = () => ({ ok: true })): Promise<void> {
    this.server = await startRecordingServer((request, response) => {
      return request.path === '/api/openapi.yaml' ? void response.end(spec) : answer(request, response);
    });
  }

  async open(config: Partial<OpenApiTool>, signal = new AbortController().signal) {
    const source = config.spec === undefined ? { spec_url: `${this.server.url}/api/openapi.yaml` } : {};
    return openApiTool.open(
      { type: 'openapi', name: 'shop', operations: ['orders.get'], ...source, ...config },
      toolEnvironment({ egress: this.egress, secrets: { key: KEY } }),
      { signal },
    );
  }

  pasted(paths: object, components: object = {}, more: object = {}): string {
    const servers = [{ url: this.server.url }];
    return JSON.stringify({ openapi: '3.0.3', servers, paths, components, ...more });
  }

  /** The last request other than for the description. */
  asked() {
    return this.server.requests.filter(({ path }) => path !== '/api/openapi.yaml').at(-1);
  }
}

/** The shop for each test of a file. It closes by itself. */
export function openShop(): DescribedShop {
  const shop = new DescribedShop();
  beforeEach(() => {
    shop.egress = createEgress({ allow: ['127.0.0.1'] });
  });
  afterEach(async () => {
    await shop.server?.close();
    await shop.egress.close();
  });
  return shop;
}
