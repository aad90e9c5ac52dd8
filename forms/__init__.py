"""Form definitions (form-js JSON) and the code that makes accessible WTForms of them."""
