/** Where an argument of the model goes in the request. https://spec.openapis.org/oas/v3.1.1.html#parameter-object */
export interface Input {
  /** What the model calls it. */
  argument: string;
  /** What the API calls it. */
  name: string;
  in: 'path' | 'query' | 'header';
  style: string;
  explode: boolean;
  /** It is sent as JSON text, its `content` says so. */
  json: boolean;
}

/** The body, which is the argument `body`. */
export interface Body {
  contentType: string;
  /** Of form bodies: how a field that is no plain value is written, by its name. */
  encoding: Record<string, { style: string; explode: boolean }>;
}

/** One operation, ready to be called. Holds nothing of the document it came from. */
export interface Operation {
  /** Its operationId, or `METHOD /path`. */
  id: string;
  /** Upper case. */
  method: string;
  /** With its `{parameters}`. */
  path: string;
  /** What the description says the server is: may be relative, undefined where it says nothing. */
  server: string | undefined;
  description: string;
  parameters: Record<string, unknown>;
  inputs: Input[];
  body: Body | undefined;
}

/** Whether a media type, or a range of them in a description, is or may be JSON. */
export const isJson = (contentType: string) =>
  /^(application\/json|[\w.-]+\/[\w.-]+\+json|\*\/\*)/i.test(contentType);
