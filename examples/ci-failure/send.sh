# Sends event.json as a step of a CI job does, signed over time and body. Needs WEBHOOK_URL and SECRET.
set -eu
cd "$(dirname "$0")"
TIMESTAMP=$(date +%s)
SIGNATURE=$({ printf '%s.' "$TIMESTAMP"; cat event.json; } | openssl dgst -sha256 -hmac "$SECRET" | sed 's/^.* //')
# A job that is run again has another id, and is another event.
curl -fsS "$WEBHOOK_URL" --data-binary @event.json -H 'Content-Type: application/json' \
  -H "X-Run-Id: ${RUN_ID:-4711}" -H "X-Timestamp: $TIMESTAMP" -H "X-Signature: sha256=$SIGNATURE"
