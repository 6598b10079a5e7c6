/** What the api needs to know beside its context. */
export interface ApiSettings {
  adminApiKey: string;
  defaultModel: string;
  /** The address under which callers reach the api, without a slash at the end. */
  publicUrl: () => string;
}
