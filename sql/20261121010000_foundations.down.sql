drop function search_grams(text);
drop function refuse_change();
drop function touch_updated_at();
