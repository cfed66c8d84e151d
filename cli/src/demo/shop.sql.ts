// The demo's schema: what a small shop keeps.
export const SCHEMA = `
CREATE TABLE customers (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE,
  city TEXT NOT NULL,
  country TEXT NOT NULL CHECK (length(country) = 2),
  newsletter BOOLEAN NOT NULL DEFAULT 0,
  created_at TIMESTAMP NOT NULL
);
CREATE INDEX customers_country ON customers (country, city);

CREATE TABLE products (
  id INTEGER PRIMARY KEY,
  sku TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  category TEXT NOT NULL,
  price DECIMAL(10, 2) NOT NULL CHECK (price > 0),
  stock INTEGER NOT NULL DEFAULT 0 CHECK (stock >= 0),
  weight_kg REAL,
  discontinued_at DATE
);
CREATE INDEX products_category ON products (category);

CREATE TABLE orders (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customers (id),
  status TEXT NOT NULL CHECK (status IN ('pending', 'paid', 'shipped', 'delivered', 'returned', 'cancelled')),
  ordered_at TIMESTAMP NOT NULL,
  shipped_at TIMESTAMP,
  note TEXT
);
CREATE INDEX orders_customer ON orders (customer_id);
CREATE INDEX orders_ordered_at ON orders (ordered_at);
CREATE INDEX orders_status ON orders (status);

CREATE TABLE order_items (
  order_id INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
  line INTEGER NOT NULL,
  product_id INTEGER NOT NULL REFERENCES products (id),
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  unit_price DECIMAL(10, 2) NOT NULL,
  PRIMARY KEY (order_id, line)
);
CREATE INDEX order_items_product ON order_items (product_id);

CREATE VIEW order_totals AS
  SELECT o.id, o.customer_id, o.status, o.ordered_at,
         count(i.line) AS lines, round(sum(i.quantity * i.unit_price), 2) AS total
  FROM orders AS o JOIN order_items AS i ON i.order_id = o.id
  GROUP BY o.id;

CREATE VIEW best_sellers AS
  SELECT p.id, p.name, p.category, sum(i.quantity) AS sold,
         round(sum(i.quantity * i.unit_price), 2) AS revenue
  FROM products AS p JOIN order_items AS i ON i.product_id = p.id
    JOIN orders AS o ON o.id = i.order_id
  WHERE o.status NOT IN ('cancelled', 'returned')
  GROUP BY p.id
  ORDER BY revenue DESC;
`
