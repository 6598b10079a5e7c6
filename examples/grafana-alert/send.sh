# Sends event.json as Grafana does (X-Grafana-Alerting-Signature). Needs WEBHOOK_URL and SECRET.
set -eu
cd "$(dirname "$0")"
SIGNATURE=$(openssl dgst -sha256 -hmac "$SECRET" < event.json | sed 's/^.* //')
curl -fsS "$WEBHOOK_URL" --data-binary @event.json -H 'Content-Type: application/json' \
  -H "X-Grafana-Alerting-Signature: $SIGNATURE"
