drop table work_item_links;
drop table work_item_comments;
drop table task_dependencies;
drop table task_checklist_items;
drop table task_details;
drop table task_templates;
