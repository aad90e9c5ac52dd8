"""FEEL, the one expression language of conditions, timers, tables and forms."""

from feel.errors import DecisionError, EvaluationError, FeelError, UnknownName
from feel.expressions import Expression, UnaryTests, compile_expression, compile_unary_tests
from feel.values import Frame, Range, YearsMonths

__all__ = [
    "DecisionError",
    "EvaluationError",
    "Expression",
    "FeelError",
    "Frame",
    "Range",
    "UnaryTests",
    "UnknownName",
    "YearsMonths",
    "compile_expression",
    "compile_unary_tests",
]
