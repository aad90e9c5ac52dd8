"""The BPMN platform: models, and the code that runs them. Knows no prison."""
