// The ceiling: no GraphQL at all. One route, one prepared statement whose json_agg is the answer.
import { createServer } from 'node:http'
import pg from 'pg'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 16 })
const text = `SELECT json_build_object('orders', json_build_object('nodes', coalesce(json_agg(node), '[]'))) AS data FROM (
  SELECT orders.id, number, orders.status, purchased_at AS "purchasedAt", imported_at AS "importedAt", ship_by AS "shipBy", units, orders.version,
    json_build_object('amount', total::text, 'currencyCode', currency) AS total,
    (SELECT row_to_json(connection) FROM (SELECT id, name FROM connections WHERE id = orders.connection_id) AS connection) AS connection,
    (SELECT coalesce(json_agg(line), '[]') FROM (
      SELECT id, seller_sku AS "sellerSku", quantity, quantity_shipped AS "quantityShipped" FROM order_lines WHERE order_id = orders.id ORDER BY line_number) AS line) AS lines,
    (SELECT coalesce(json_agg(shipment), '[]') FROM (
      SELECT id, json_build_object('carrier', carrier, 'trackingNumber', tracking_number) AS routing, json_build_object('status', tracking_status) AS tracking
      FROM shipments WHERE order_id = orders.id ORDER BY package_number) AS shipment) AS shipments
  FROM orders WHERE (imported_at, id) < ($1, $2) ORDER BY imported_at DESC, id DESC LIMIT 50) AS node`
const values = [process.env.AFTER_AT, process.env.AFTER_ID]

const server = createServer((request, response) => {
  request.resume().on('end', () => void answer(response))
})
async function answer(response) {
  const { rows } = await pool.query({ name: 'page', text, values, rowMode: 'array', types: { getTypeParser: () => (value) => value } })
  const body = Buffer.from(`{"data":${rows[0][0]}}`)
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body)
}
server.listen(0, '127.0.0.1', () => console.log(`ready http://127.0.0.1:${server.address().port}/`))
