# Sends event.json as Zendesk does (X-Zendesk-Webhook-Signature). Needs WEBHOOK_URL and SECRET.
set -eu
cd "$(dirname "$0")"
TIMESTAMP=$(date -u +%Y-%m-%dT%H:%M:%SZ)
SIGNATURE=$({ printf '%s' "$TIMESTAMP"; cat event.json; } | openssl dgst -sha256 -hmac "$SECRET" -binary | openssl base64 -A)
curl -fsS "$WEBHOOK_URL" --data-binary @event.json -H 'Content-Type: application/json' \
  -H "X-Zendesk-Webhook-Invocation-Id: $(openssl rand -hex 13)" \
  -H "X-Zendesk-Webhook-Signature-Timestamp: $TIMESTAMP" -H "X-Zendesk-Webhook-Signature: $SIGNATURE"
