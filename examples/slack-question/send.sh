# Sends event.json as Slack does (X-Slack-Signature). Needs WEBHOOK_URL and SECRET.
set -eu
cd "$(dirname "$0")"
TIMESTAMP=$(date +%s)
SIGNATURE=$({ printf 'v0:%s:' "$TIMESTAMP"; cat event.json; } | openssl dgst -sha256 -hmac "$SECRET" | sed 's/^.* //')
curl -fsS "$WEBHOOK_URL" --data-binary @event.json -H 'Content-Type: application/json' \
  -H "X-Slack-Request-Timestamp: $TIMESTAMP" -H "X-Slack-Signature: v0=$SIGNATURE"
