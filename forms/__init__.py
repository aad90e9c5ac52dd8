"""Form definitions (form-js JSON) and the code that makes accessible WTForms of them."""

from forms.builder import BoundForm, FieldError, build
from forms.definition import Choice, Condition, Field, Group, Repeated, Section
from forms.problem import FormError, Problem
from forms.schema import FormDefinition, load_form, problems
from forms.submission import Submission

__all__ = [
    "BoundForm",
    "Choice",
    "Condition",
    "Field",
    "FieldError",
    "FormDefinition",
    "FormError",
    "Group",
    "Problem",
    "Repeated",
    "Section",
    "Submission",
    "build",
    "load_form",
    "problems",
]
