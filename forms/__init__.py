"""Form definitions (form-js JSON) and the code that makes accessible WTForms of them."""

from forms.builder import BoundForm, Change, SectionState, build
from forms.definition import Choice, Condition, Field, Group, Repeated, Section
from forms.faults import FieldError
from forms.form import FormDefinition
from forms.problem import FormError, Problem
from forms.schema import load_form, problems
from forms.submission import Submission

__all__ = [
    "BoundForm",
    "Change",
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
    "SectionState",
    "Submission",
    "build",
    "load_form",
    "problems",
]
