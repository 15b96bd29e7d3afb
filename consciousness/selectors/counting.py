"""Counting rows beside each row of another query, in that query."""

from typing import Any

from django.db.models import Count, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce


def number_of(rows: QuerySet[Any]) -> Coalesce:
    """How many rows there are; they refer to the row beside which they are counted by OuterRef."""
    counted = rows.order_by().annotate(together=Value(1)).values("together").annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number")), Value(0))
