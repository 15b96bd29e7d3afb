"""What a breach of the tables' constraints means to people; being imported is enough."""

from accounts.errors import SkillListedTwice
from timetravelers.kit.api.problems import map_constraint

map_constraint("user_skill_once", SkillListedTwice)
map_constraint("user_skill_name_once", SkillListedTwice)
