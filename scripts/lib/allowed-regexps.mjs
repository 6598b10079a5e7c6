/** Regular expressions of super-linear cost that only meet short or trusted text, each with the reason. */
export const ALLOWED = [
  {
    file: 'packages/agent/src/tools/http/fill-url.ts',
    source: String.raw`\{\{[\s\S]*?\}\}`,
    why: 'The URL of an http tool, which an admin writes: at most 2,000 characters.',
  },
  {
    file: 'packages/egress/src/allow.ts',
    source: String.raw`^(?:\[(?<v6>[^\]]+)\]|(?<v4>[^:/[\]]+)|(?<bare>[^[\]/]*:[^[\]/]*:[^[\]/]*))(?:\/(?<bits>\d{1,3}))?(?::(?<port>\d{1,5}))?$`,
    why:
      'An entry of EGRESS_ALLOW, which the operator writes, or a host of allowed_hosts: at most 253 ' +
      'characters.',
  },
];
