"""The one package that knows SpiffWorkflow: values in, values out."""
