"""Forms: a name before each field, level with it, which is also what a screen reader says of the field."""

from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QWidget

GAP = 6


def form(*, margin: int = 0, wrap: bool = False) -> QFormLayout:
    """An empty form whose fields take the room there is; `wrap` puts a long name above its field."""
    made = QFormLayout()
    made.setVerticalSpacing(GAP)
    made.setContentsMargins(margin, margin, margin, margin)
    made.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    policy = QFormLayout.RowWrapPolicy.WrapLongRows if wrap else QFormLayout.RowWrapPolicy.DontWrapRows
    made.setRowWrapPolicy(policy)
    return made


def add_field(to: QFormLayout, name: str, field: QWidget) -> None:
    """Add a field with its name."""
    label = QLabel(name)
    label.setBuddy(field)
    label.setMinimumHeight(field.sizeHint().height())
    field.setAccessibleName(name)
    if isinstance(field, QComboBox):
        field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        field.setMinimumContentsLength(8)
    to.addRow(label, field)
