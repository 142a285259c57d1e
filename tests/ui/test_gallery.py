"""Pictures of the window."""

from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from desktop_sim.ui.gallery import SCENES, render_gallery, world
from desktop_sim.ui.theme import Scheme, theme


def test_a_scene_is_drawn_in_both_palettes(qapp: QApplication, tmp_path: Path) -> None:
    scene = next(scene for scene in SCENES if scene.name == "charging-small")
    before = theme()
    try:
        files = render_gallery(tmp_path, (scene,))
    finally:
        before.choose(Scheme.LIGHT)
    assert [file.name for file in files] == ["charging-small-light.png", "charging-small-dark.png"]
    light, dark = (QImage(str(file)) for file in files)
    assert (light.width(), light.height()) == scene.size
    assert light.pixelColor(3, 300).lightness() > 200 > 60 > dark.pixelColor(3, 300).lightness()


@pytest.mark.parametrize("scene", [scene for scene in SCENES if scene.story], ids=lambda scene: scene.name)
def test_every_story_can_be_told(qapp: QApplication, scene: object) -> None:
    story, profile = getattr(scene, "story", None), getattr(scene, "profile", None)
    assert callable(story)
    assert callable(profile)
    made = world(profile())
    story(made)
    made.session.detach()
