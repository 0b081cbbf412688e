"""PostgreSQL: tables, transactions, one repository per noun, migrations."""
